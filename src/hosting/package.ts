import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { policyHeader } from '../policy/directives.ts';
import { type Twins, writeTwins } from './compress.ts';
import { renderHeaders, securityHeaders } from './headers.ts';

/** There is nothing to package. */
export class NoBuiltSite extends Error {
  constructor() {
    super('there is no built site to package: run npm run build first');
  }
}

/**
 * Makes a built site ready for hosts: compressed twins and `_headers` in `dist`, configurations of
 * servers in `dist-hosting`. Running it again changes nothing.
 *
 * @param root folder of the project, with `dist` and the templates in `hosting`
 * @throws NoBuiltSite
 */
export async function packageSite(root: string): Promise<Twins> {
  const site = path.join(root, 'dist');
  await access(path.join(site, 'index.html')).catch(() => {
    throw new NoBuiltSite();
  });
  const headers = securityHeaders(await policyHeader(site));
  const { headersFile, nginx, caddy } = renderHeaders(headers);
  const twins = await writeTwins(site);
  await writeFile(path.join(site, '_headers'), headersFile);

  const out = path.join(root, 'dist-hosting');
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
  for (const [name, places] of Object.entries({ 'nginx.conf': nginx, Caddyfile: caddy })) {
    const template = await readFile(path.join(root, 'hosting', name), 'utf8');
    await writeFile(path.join(out, name), fill(template, places));
  }
  return twins;
}

/** Puts lines in the places of `#= name`, as far in as the place itself. */
export function fill(
  template: string,
  places: Readonly<Record<string, readonly string[]>>,
): string {
  return template.replace(/^([ \t]*)#= (\w+)$/gm, (_place, indent: string, name: string) => {
    const lines = places[name];
    if (!lines) throw new Error(`nothing is known to fill in for '#= ${name}'`);
    return lines.map((line) => indent + line).join('\n');
  });
}
