/** How the browser's part is built: one entry, a chunk per screen, a manifest for the size gate. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  // The browser of an old PC: what Chromium 109 (the last on Windows 7) understands.
  build: {
    target: 'chrome109',
    outDir: `${here}../dist/web`,
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Our own modules do nothing when imported; only styles and the entry do.
      treeshake: {
        moduleSideEffects: [
          { test: /\.css|\/main\.tsx|vite\//, sideEffects: true },
          // It does not say so itself, and all readers but two would come along.
          { test: /@zxing\/library|ts-custom-error/, sideEffects: false },
        ],
      },
    },
  },
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.YBA_ADDRESS ?? 'http://127.0.0.1:8080' } },
  },
});
