import { access } from 'node:fs/promises';
import path from 'node:path';
import { preview } from 'astro';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built site is served, without a slash at the end. */
    base: string;
    /** Folder of the built site. */
    dist: string;
  }
}

/** Serves the built site as `npm start` does, on a free port, while its tests run. */
export default async function serveDist(project: TestProject): Promise<() => Promise<void>> {
  const { root } = project.config;
  const dist = path.join(root, 'dist');
  await access(path.join(dist, 'index.html')).catch(() => {
    throw new Error('there is no built site to test: run npm run build first');
  });
  const server = await preview({
    root,
    logLevel: 'error',
    server: { port: 43_210, host: '127.0.0.1' },
  });
  project.provide('dist', dist);
  project.provide('base', `http://127.0.0.1:${server.port}`);
  return () => server.stop();
}
