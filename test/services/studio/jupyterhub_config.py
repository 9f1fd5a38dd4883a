# The studio as a service that the hub starts, with people who may use it and people who may not.
import os

c = get_config()  # noqa: F821

c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"ada"}
c.JupyterHub.load_groups = {
    "editors": {"users": ["grace"]},
    "visitors": {"users": ["carol"]},
}
service = {
    "name": "studio",
    "url": os.environ["LECTERN_STUDIO_URL"],
    "command": [
        os.environ["LECTERN_HUB_NODE"],
        os.environ["LECTERN_STUDIO_PROGRAM"],
        "studio",
        "--hub-groups",
        "editors",
        "--hub-mail",
        "campus.example",
    ],
    "cwd": os.environ["LECTERN_STUDIO_PROJECT"],
}
# The hub lets these in, and the studio decides for itself.
role = {
    "name": "studio",
    "groups": ["editors", "visitors"],
    "scopes": ["access:services!service=studio"],
}
c.JupyterHub.services.append(service)
c.JupyterHub.load_roles.append(role)
