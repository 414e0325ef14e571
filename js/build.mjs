// Bundles one self-contained module and one sheet a widget: relative chunks cannot resolve from anywidget's blob URLs.
import { readdirSync } from "node:fs";
import * as esbuild from "esbuild";

const options = {
  entryPoints: readdirSync("src")
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => `src/${name}`),
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

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
