// Bundles one self-contained module and one sheet a widget: relative chunks cannot resolve from anywidget's blob URLs.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import * as esbuild from "esbuild";
import { lend, SHARED, shared } from "./shared.mjs";

const options = {
  outdir: "../kling_widgets/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
};
const entryPoints = readdirSync("src")
  .filter((name) => name.endsWith(".tsx"))
  .map((name) => `src/${name}`);
/** What a brush fetches once it is open (src/brush/more.ts): a function of the Preact that its widget has. */
const later = {
  ...options,
  entryPoints: ["src/brush_more.ts"],
  format: "iife",
  globalName: "more",
  banner: { js: `export default (${SHARED}) => {` },
  footer: { js: "return more; };" },
  plugins: [lend],
};
/** The first ones know by BUILD which build of it is theirs. */
const first = (build) => ({ ...options, entryPoints, plugins: [shared], define: { BUILD: JSON.stringify(build) } });

if (process.argv.includes("--watch")) {
  for (const one of [later, first(String(Date.now()))]) await (await esbuild.context(one)).watch();
} else {
  const { outputFiles } = await esbuild.build({ ...later, write: false });
  const hash = createHash("sha256").update(outputFiles[0].contents);
  await Promise.all([esbuild.build(later), esbuild.build(first(hash.digest("hex").slice(0, 12)))]);
}
