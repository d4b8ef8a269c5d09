import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Whoever builds, a test run too: what is handed out is never the slow and large build for developers.
process.env["NODE_ENV"] = "production";

/** The dashboard. `scripts/build.ts` says where to; nothing is inlined, because the page's policy allows no inline script. */
export default defineConfig({
  root: "src/web",
  mode: "production",
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rolldownOptions: {
      // Our own modules do nothing by being imported: a page takes what it uses of an index, and no more.
      treeshake: { moduleSideEffects: [{ test: /\/src\/web\/.*\.tsx?$/, sideEffects: false }] },
    },
  },
});
