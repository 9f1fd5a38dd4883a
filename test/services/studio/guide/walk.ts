import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

const GUIDES = join(import.meta.dirname, "../../../../docs/guides");
const PAGE = readFileSync(join(GUIDES, "choose-images-for-your-hub.md"), "utf8");

/** What the guide asks its reader to press, open, choose or fill in, and looks at: its words in bold. */
export const inGuide = (): string[] => [
  ...new Set([...PAGE.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = ""]) => name)),
];

/** The screenshots that the guide shows, each with what it says to people who don't see it. */
export const picturesInGuide = () =>
  [...PAGE.matchAll(/!\[([^\]]*)\]\(images\/([^)]+)\.png\)/g)].map(([, alt = "", name = ""]) => ({
    alt,
    name,
  }));

type Role = Parameters<Page["getByRole"]>[0];

/** Goes through the page as the guide says, and remembers what it has used. */
export class GuideWalk {
  readonly used = new Set<string>();
  readonly pictures: string[] = [];
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  async press(role: Role, name: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole(role, { name, exact: role !== "option" && role !== "row" }).click();
    this.used.add(name);
  }

  async write(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(text);
    this.used.add(label);
  }

  /** Waits for what the guide tells its reader to look at. */
  async see(text: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByText(text).first().waitFor();
    this.used.add(text);
  }

  /** Takes a screenshot for the guide; it is kept where LECTERN_GUIDE_PICTURES is set. */
  async picture(name: string): Promise<void> {
    this.pictures.push(name);
    if (process.env["LECTERN_GUIDE_PICTURES"] === undefined) return;
    const folder = join(GUIDES, "images");
    mkdirSync(folder, { recursive: true });
    await this.page.evaluate("document.activeElement?.blur()");
    await this.page.mouse.move(0, 0);
    writeFileSync(join(folder, `${name}.png`), await this.#settled());
  }

  /** The page once nothing of it moves any more: the form that users see follows a moment later. */
  async #settled(): Promise<Buffer> {
    let last: Buffer = Buffer.alloc(0);
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.page.waitForLoadState("networkidle");
      await this.page.evaluate("document.fonts.ready");
      const shot = await this.page.screenshot({ animations: "disabled", caret: "hide" });
      if (shot.equals(last)) return shot;
      last = shot;
      await this.page.waitForTimeout(300);
    }
    throw new Error("the page goes on changing");
  }
}
