"""Runs the gateway's own launch_docker.py with the limits of kernel.yaml.

Enterprise Gateway's Docker launcher creates a container, or a Swarm service, and sets no limits on it. This script
adds them to what the launcher asks of Docker. They come as arguments, and not as KERNEL_* variables, because whoever
starts a kernel may set those.
"""

import argparse
import os
import runpy
import sys

from docker.models.containers import ContainerCollection
from docker.models.services import ServiceCollection
from docker.types import DeviceRequest, Resources

NANO = 1_000_000_000
SHARES_OF_A_CPU = 1024


def limits_of_container(given):
    """The arguments of `containers.run`."""
    limits = {
        # Without a limit of its own for memory and swap, Docker allows as much swap again.
        "mem_limit": given.memory_limit,
        "memswap_limit": given.memory_limit,
        "mem_reservation": given.memory,
        "nano_cpus": nano(given.cpus_limit),
        "cpu_shares": given.cpus and max(2, round(given.cpus * SHARES_OF_A_CPU)),
        "device_requests": given.gpus and [DeviceRequest(count=given.gpus, capabilities=[["gpu"]])],
    }
    return {name: value for name, value in limits.items() if value}


def limits_of_service(given):
    """The arguments of `services.create`."""
    resources = Resources(
        cpu_limit=nano(given.cpus_limit),
        mem_limit=given.memory_limit,
        cpu_reservation=nano(given.cpus),
        mem_reservation=given.memory,
    )
    return {"resources": resources}


def nano(cpus):
    return None if cpus is None else round(cpus * NANO)


def adding(method, limits):
    def limited(collection, *args, **kwargs):
        return method(collection, *args, **{**kwargs, **limits})

    return limited


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--cpus", type=float)
    parser.add_argument("--cpus-limit", type=float)
    parser.add_argument("--memory", type=int)
    parser.add_argument("--memory-limit", type=int)
    parser.add_argument("--gpus", type=int)
    given, rest = parser.parse_known_args()
    ContainerCollection.run = adding(ContainerCollection.run, limits_of_container(given))
    ServiceCollection.create = adding(ServiceCollection.create, limits_of_service(given))
    launcher = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launch_docker.py")
    sys.argv = [launcher, *rest]
    runpy.run_path(launcher, run_name="__main__")


if __name__ == "__main__":
    main()
