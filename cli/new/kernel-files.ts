/** The files of a new kernel, by path in its folder: Python, on an image that Lectern builds. */
export function kernelFiles(displayName: string): Record<string, string> {
  return {
    "kernel.yaml": KERNEL.replace("DISPLAY_NAME", JSON.stringify(displayName)),
    "image/Dockerfile": DOCKERFILE,
    "image/requirements.txt": REQUIREMENTS,
  };
}

const KERNEL = `# What students see, and what each course.json repeats exactly as its "kernelId".
display_name: DISPLAY_NAME
language: python

# Built from image/ for staging; production takes the digest that staging has proved. To use an image that
# exists, replace these lines with: image: repository:tag
build:
  context: image

resources:
  cpu: 1
  memory: 1G
  memory_limit: 2G

process_proxy:
  class: docker
`;

const DOCKERFILE = `# The base brings the kernel launcher of a Jupyter Enterprise Gateway.
FROM elyra/kernel-py:3.2.3

USER root
COPY requirements.txt /opt/course/requirements.txt
RUN pip install --no-cache-dir --requirement /opt/course/requirements.txt

# Students never run as root: 1000 is the base image's own user.
USER 1000:100

# Only a note to readers: the kernel calls the gateway back, it does not wait to be called.
EXPOSE 8888
CMD ["/usr/local/bin/bootstrap-kernel.sh"]
`;

const REQUIREMENTS = `# Exact versions, so that the same file gives the same image:
# numpy==1.26.4
`;
