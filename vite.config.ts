import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The dashboard. `scripts/build.ts` says where to; nothing is inlined, because the page's policy allows no inline script. */
export default defineConfig({
  root: "src/web",
  plugins: [react()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, emptyOutDir: true },
});
