import { type KernelDeclaration, kernelFileOf } from "../../components/kernel/declaration/kernel-file.ts";
import { launcherOf } from "../../components/kernel/spec/file/kernelspec-render.ts";
import { takesImage } from "../../components/kernel/spec/file/launcher.ts";
import type { Problem } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import { gatewayOf } from "./gateways.ts";

/** What is wrong with a kernel on its gateway in particular: what that can't start, or would ignore. */
export function backendProblems(kernel: KernelDeclaration, config: StackConfig): Problem[] {
  const gateway = kernel.backend === "gateway" ? gatewayOf(kernel, config) : undefined;
  if (!gateway || gateway.config.proxy !== undefined) return [];
  return [
    ...ignoredProvisioner(kernel, gateway.name, gateway.config.provisioners),
    ...refusedImage(kernel, config.imageRepository),
  ];
}

function ignoredProvisioner(kernel: KernelDeclaration, gateway: string, reads: boolean): Problem[] {
  if (kernel.body.backend.kind !== "provisioner" || reads) return [];
  return [
    {
      code: "provisioner-ignored",
      severity: "error",
      file: kernelFileOf(kernel.folder),
      path: "provisioner",
      message: `the gateway ${gateway} ignores provisioners, as Enterprise Gateway 3 does, and would start the kernel as a local process`,
      remedy: `Use process_proxy, or set \`provisioners: true\` for ${gateway} in lectern:gateways where it has another version`,
    },
  ];
}

function refusedImage(kernel: KernelDeclaration, repository: string | undefined): Problem[] {
  const image = kernel.build ? `${repository ?? ""}/${kernel.name}` : kernel.image;
  if (image === undefined || takesImage(launcherOf(kernel.body), image)) return [];
  const file = kernelFileOf(kernel.folder);
  return [
    {
      code: "image-refused",
      severity: "error",
      ...(kernel.build ? { path: "lectern:imageRepository" } : { file, path: "image" }),
      message: `the gateway's launcher for Docker refuses ${image}: it takes no registry with a port`,
      remedy: "Serve the registry on the port of its protocol, or under a name without a port",
    },
  ];
}
