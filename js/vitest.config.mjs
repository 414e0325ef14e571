// What build.mjs makes for the bundles, the tests do without.
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      name: "shared",
      resolveId: (path) => (path === "virtual:shared" ? path : null),
      load: (path) => (path === "virtual:shared" ? "export default {};" : null),
    },
  ],
});
