"""The hub's configuration: what the chart's values say, from the folders that they are mounted to."""

import json
import os
from pathlib import Path

CONFIG = Path("/etc/jupyterhub/config")
SECRET = Path("/etc/jupyterhub/secret")

singleuser = json.loads((CONFIG / "singleuser.json").read_text())

c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret = bytes.fromhex((SECRET / "hub.config.JupyterHub.cookie_secret").read_text())
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.hub_connect_url = "http://hub:8081"
c.JupyterHub.cleanup_servers = False
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://proxy-api:8001"

c.KubeSpawner.namespace = os.environ["POD_NAMESPACE"]
c.KubeSpawner.image = (CONFIG / "image").read_text()
c.KubeSpawner.profile_list = json.loads((CONFIG / "profiles.json").read_text())
c.KubeSpawner.image_pull_policy = os.environ["SINGLEUSER_PULL_POLICY"]
c.KubeSpawner.node_selector = singleuser["nodeSelector"]
c.KubeSpawner.tolerations = singleuser["extraTolerations"]
for kind, trait in (("cpu", "cpu"), ("memory", "mem")):
    for bound in ("guarantee", "limit"):
        value = singleuser[kind].get(bound)
        if value is not None:
            c.KubeSpawner[f"{trait}_{bound}"] = value

# Last, so that it has the last word.
for name, settings in json.loads((SECRET / "config.json").read_text()).items():
    c[name].update(settings)
