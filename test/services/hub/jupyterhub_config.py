# A hub of a test: servers are processes of whoever runs it, and a file says how they start.
import asyncio
import os

from jupyterhub.spawner import SimpleLocalProcessSpawner

c = get_config()  # noqa: F821

folder = os.environ["LECTERN_HUB_FOLDER"]


class TestSpawner(SimpleLocalProcessSpawner):
    async def start(self):
        with open(os.path.join(folder, "spawn")) as file:
            mode = file.read().strip()
        if mode == "fails":
            raise RuntimeError("no such image")
        if mode == "never":
            await asyncio.sleep(3600)
        return await super().start()


c.JupyterHub.bind_url = os.environ["LECTERN_HUB_URL"]
c.JupyterHub.hub_bind_url = os.environ["LECTERN_HUB_INTERNAL_URL"]
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = TestSpawner
# The response comes at once, as on Kubernetes, and the progress tells the rest.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
c.ConfigurableHTTPProxy.api_url = os.environ["LECTERN_HUB_PROXY_API"]
c.ConfigurableHTTPProxy.command = [
    os.environ["LECTERN_HUB_NODE"],
    os.environ["LECTERN_HUB_PROXY"],
]
c.SimpleLocalProcessSpawner.home_dir_template = folder + "/homes/{username}"
c.Spawner.args = ["--allow-root"]
c.JupyterHub.services = [
    {"name": "lectern", "api_token": os.environ["LECTERN_HUB_TOKEN"]},
    {"name": "test", "api_token": os.environ["LECTERN_HUB_ADMIN"], "admin": True},
]
# No more than a check needs.
user = "!user=lectern-health"
c.JupyterHub.load_roles = [
    {
        "name": "health",
        "services": ["lectern"],
        "scopes": ["admin:users" + user, "admin:servers" + user, "access:servers" + user],
    }
]
if "LECTERN_HUB_MORE" in os.environ:
    load_subconfig(os.environ["LECTERN_HUB_MORE"])  # noqa: F821
