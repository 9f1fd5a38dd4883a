import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { notebook, type Repository } from "../sandbox/repository.ts";
import type { Operation } from "./pulumi.ts";

type StackName = "sandbox" | "staging" | "prod";

/** What happens to a catalog and its stacks, one operation after the other. */
export interface Act {
  readonly name: string;
  readonly stack: StackName;
  readonly operation: Operation;
  /** What a person changes before. */
  readonly change?: (repository: Repository) => void;
  /** What a person decides before about articles, by what is in this folder of the services; it stays so. */
  readonly answer?: (services: string) => object;
  /** What changes at the services before, whose files are in this folder. */
  readonly drift?: (services: string) => void;
  /** @default true */
  readonly ok?: boolean;
  /** Whether nothing may change. */
  readonly quiet?: boolean;
  /** Stacks whose states are then given to the other engine, which must plan no change. */
  readonly exchanged?: readonly StackName[];
}

/** The kernel that courses name. */
const SCIENCE = "Python for Science";

/** A catalog with a course, a blog, kernels of each kind and a cluster. */
function writeStory(repository: Repository): void {
  repository.addCourse("bell", { kernelId: SCIENCE });
  repository.addBlog("idea", { kernelId: SCIENCE, chapters: 1 });
  repository.write("kernels/science/kernel.yaml", kernel(SCIENCE, "lectern/python-science:2025.2"));
  repository.write(
    "kernels/built/kernel.yaml",
    "display_name: Built here\nlanguage: python\nbuild: { context: . }\n",
  );
  repository.write("kernels/built/Dockerfile", dockerfile("2026-01-05"));
  repository.write("kernels/served/kernel.yaml", SERVED);
  repository.write("kernels/served/Dockerfile", dockerfile("2026-01-05"));
  const policy = { recommended: "w_2026_10", releases: 1, weeklies: 1, dailies: 0 };
  const images = { lab: { repository: "lectern/lab", alias: "recommended", policy } };
  repository.write("clusters/campus/images.yaml", JSON.stringify(images));
  repository.write("clusters/campus/node-groups.json", [
    { slug: "standard", display_name: "Standard", node_selector: { "lectern.dev/node-group": "standard" } },
  ]);
  repository.write(
    "clusters/campus/profiles.yaml",
    "- {display_name: Standard, node_groups: standard, images: lab}\n",
  );
  repository.commit();
}

const SERVED = "display_name: Served by qBook\nlanguage: python\nbackend: qbraid\nbuild: { context: . }\n";
const kernel = (displayName: string, image: string) =>
  `display_name: ${displayName}\nlanguage: python\nimage: ${image}\n`;
const dockerfile = (tag: string) =>
  `FROM quay.io/jupyter/minimal-notebook:${tag}\nEXPOSE 8888\nUSER 1000\nCMD ["/usr/local/bin/bootstrap-kernel.sh"]\n`;

const rewrite = (text: string) => (repository: Repository) => {
  repository.write("courses/bell/1.ipynb", notebook(text));
  repository.commit();
};
const dropCourse = (repository: Repository) => repository.drop("courses/bell");
const spoil = (repository: Repository) => repository.write("courses/bell/1.ipynb", "no notebook");
const restoreCourse = (repository: Repository) => repository.addCourse("bell", { kernelId: SCIENCE });

/** Somebody removes the blog on qBook. */
function loseBlog(services: string): void {
  const blog = articleFile(services, /idea.*\.json$/);
  renameSync(blog, `${blog}.removed`);
}

/** The course is the one that is on qBook. */
const adoptCourse = (services: string) => ({
  "course/bell": { customId: basename(articleFile(services, /bell.*\.json$/), ".json") },
});

function articleFile(services: string, name: RegExp): string {
  const articles = join(services, "qbook/articles");
  const file = readdirSync(articles).find((one) => name.test(one));
  if (file === undefined) throw new Error(`there is no article ${name}`);
  return join(articles, file);
}

/** Somebody edits a kernel.json on the gateway's host. */
function editKernel(services: string): void {
  const file = join(services, "gateway/kernels/science/kernel.json");
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  writeFileSync(file, readFileSync(file, "utf8").replace("lectern/python-science", "lectern/edited"));
}

const first = "the first deployment";
const bad = "a bad course";

/** The story of the stack for trying, then of staging and prod. */
export const STORY: readonly Act[] = [
  { name: first, stack: "sandbox", operation: "preview", change: writeStory },
  { name: first, stack: "sandbox", operation: "up" },
  { name: "nothing changed", stack: "sandbox", operation: "up", quiet: true },
  { name: "one notebook changed", stack: "sandbox", operation: "preview", change: rewrite("# Rewritten") },
  { name: "one notebook changed", stack: "sandbox", operation: "up" },
  {
    name: "a new kernel",
    stack: "sandbox",
    operation: "up",
    change: ({ write }) =>
      write("kernels/quantum/kernel.yaml", kernel("Python for Quantum", "lectern/python-quantum:2026.1")),
  },
  {
    name: "a new image, named and built",
    stack: "sandbox",
    operation: "up",
    change: ({ write }) => {
      write("kernels/science/kernel.yaml", kernel(SCIENCE, "lectern/python-science:2026.1"));
      write("kernels/built/Dockerfile", dockerfile("2026-02-02"));
    },
  },
  {
    name: "a kernel removed",
    stack: "sandbox",
    operation: "up",
    change: ({ drop }) => drop("kernels/quantum"),
  },
  { name: "a course removed", stack: "sandbox", operation: "up", change: dropCourse },
  { name: "the course restored", stack: "sandbox", operation: "preview", ok: false, change: restoreCourse },
  { name: "the course restored", stack: "sandbox", operation: "up", ok: false },
  { name: "the course adopted", stack: "sandbox", operation: "up", answer: adoptCourse },
  { name: bad, stack: "sandbox", operation: "preview", ok: false, change: spoil },
  { name: bad, stack: "sandbox", operation: "up", ok: false },
  { name: "a good course again", stack: "sandbox", operation: "up", change: rewrite("# Good again") },
  { name: "an edited kernel", stack: "sandbox", operation: "refresh", drift: editKernel },
  { name: "the kernel as it was", stack: "sandbox", operation: "up", exchanged: ["sandbox"] },
  { name: "a lost blog", stack: "sandbox", operation: "refresh", drift: loseBlog },
  { name: "a person has to answer for the lost blog", stack: "sandbox", operation: "up", ok: false },
  { name: "the end", stack: "sandbox", operation: "destroy" },
  { name: first, stack: "staging", operation: "up" },
  { name: "staging to prod", stack: "prod", operation: "preview" },
  { name: "staging to prod", stack: "prod", operation: "up" },
  { name: "held in prod", stack: "prod", operation: "up", change: rewrite("# Changed later"), quiet: true },
  { name: "proven by staging", stack: "staging", operation: "up" },
  { name: "proven by staging", stack: "prod", operation: "up", exchanged: ["staging", "prod"] },
  { name: "protected", stack: "prod", operation: "destroy", ok: false },
  { name: "the end", stack: "staging", operation: "destroy" },
];
