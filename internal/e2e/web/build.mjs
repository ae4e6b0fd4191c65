// Bundles app.jsx with Vite, once for each version of react-plaid-link, into the folder of the argument: react4.js and react5.js.
// React is the one for development, whose StrictMode mounts everything twice.
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
for (const [name, library] of Object.entries({ react4: 'react-plaid-link-4', react5: 'react-plaid-link' })) {
  await build({
    configFile: false,
    logLevel: 'warn',
    mode: 'development',
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: { alias: [{ find: /^react-plaid-link$/, replacement: library }] },
    esbuild: { jsx: 'automatic', jsxDev: false },
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: { entry: 'app.jsx', formats: ['iife'], name: 'application', fileName: () => `${name}.js` },
    },
  });
}
