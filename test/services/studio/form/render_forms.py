"""Renders lists of profiles with a real KubeSpawner: JSON on standard input, JSON on standard output.

Standard input is a list of YAML texts, each a profile_list as the hub reads it from the chart's Secret. Of each, the
answer has the HTML that KubeSpawner's template gives, and the list that jupyterhub-fancy-profiles' page gives its bundle.
"""

import asyncio
import json
import re
import sys

import yaml
from jupyterhub_fancy_profiles import TEMPLATE_PATHS
from kubespawner import KubeSpawner
from traitlets.config import Config


def list_in(page):
    return json.loads(re.search(r"window\.profileList = (.*);", page).group(1))


async def rendered(texts):
    # A spawner's client of Kubernetes belongs to a running loop, though nothing is asked of it.
    plain = KubeSpawner(_mock=True)
    config = Config({"KubeSpawner": {"additional_profile_form_template_paths": TEMPLATE_PATHS}})
    fancy = KubeSpawner(_mock=True, config=config)
    lists = [yaml.safe_load(text) for text in texts]
    return [
        {"html": plain._render_options_form(one), "list": list_in(fancy._render_options_form(one))} for one in lists
    ]


json.dump(asyncio.run(rendered(json.load(sys.stdin))), sys.stdout)
