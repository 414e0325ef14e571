// Preact is in a page once for each widget. The brush's second bundle has none: it borrows these names from the first.

const NAMES = {
  "@preact/signals": [
    "batch",
    "computed",
    "effect",
    "signal",
    "untracked",
    "useComputed",
    "useSignal",
    "useSignalEffect",
  ],
  "preact/hooks": ["useEffect", "useId", "useLayoutEffect", "useMemo", "useRef"],
  "preact/jsx-runtime": ["Fragment", "jsx", "jsxs"],
};

/** What the second bundle calls them. */
export const SHARED = "shared";

/** For the first bundle: "virtual:shared" is an object of all of them. */
export const shared = {
  name: "shared",
  setup(build) {
    build.onResolve({ filter: /^virtual:shared$/ }, ({ path }) => ({ path, namespace: "shared" }));
    build.onLoad({ filter: /.*/, namespace: "shared" }, () => {
      const modules = Object.entries(NAMES).map(([from, names], at) => ({ from, names, own: `m${at}` }));
      const imports = modules.map(
        ({ from, names, own }) =>
          `import { ${names.map((name) => `${name} as ${own}_${name}`).join(", ")} } from "${from}";`,
      );
      const parts = modules.map(
        ({ from, names, own }) => `"${from}": { ${names.map((name) => `${name}: ${own}_${name}`).join(", ")} }`,
      );
      return { contents: `${imports.join("\n")}\nexport default { ${parts.join(", ")} };`, resolveDir: "." };
    });
  },
};

/** For the second bundle: an import of Preact is a look into that object. A name that is not lent fails the build. */
export const lend = {
  name: "lend",
  setup(build) {
    build.onResolve({ filter: /^(preact|@preact)(\/|$)/ }, ({ path }) => ({ path, namespace: "lent" }));
    build.onLoad({ filter: /.*/, namespace: "lent" }, ({ path }) => {
      const names = NAMES[path];
      if (!names) return { errors: [{ text: `${path} is not lent to the second bundle: see shared.mjs` }] };
      return { contents: `export const { ${names.join(", ")} } = ${SHARED}["${path}"];` };
    });
  },
};
