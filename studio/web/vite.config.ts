import { join } from "node:path";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import { defineConfig } from "vite";

// A test's environment would make it React's slow build.
process.env["NODE_ENV"] = "production";

// The page, built for the folder from which studio/server serves it, below any path.
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  cacheDir: join(import.meta.dirname, "../../.cache/vite"),
  // The page is in English, and so are the words that React Aria adds to it.
  plugins: [optimizeLocales.vite({ locales: ["en-US"] })],
  build: {
    outDir: join(import.meta.dirname, "../../dist/studio"),
    emptyOutDir: true,
    // The content security policy allows files of the studio alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    license: { fileName: "licenses.md" },
  },
});
