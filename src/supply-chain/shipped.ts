import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import type { AstroIntegration } from 'astro';
import { compare } from '../catalog/report.ts';
import { filesBelow } from '../files.ts';

/** Names of the files that this writes into a site. */
export const licencesFile = 'licences.txt';
export const billFile = 'sbom.cdx.json';

/** What this module reads of a package's `package.json`. */
interface Manifest {
  name: string;
  version: string;
  license: string;
}

/** A package of which something reaches readers. */
interface Shipped {
  manifest: Manifest;
  /** Its licence, as it says it itself. */
  text: string;
  /** Of the package as it was installed: SHA-512, in hexadecimal. */
  hash: string;
}

export interface ShippedOptions {
  /** Folder with `node_modules` and `package-lock.json`. */
  root: string;
  /** Packages of which a later step puts files into the site. */
  also: readonly string[];
  /** What stands above the licences of others: the site's own. */
  own: string;
}

/**
 * Astro integration that writes which packages reach readers, with their licences: `licences.txt`
 * for people, `sbom.cdx.json` (a CycloneDX bill of materials) for machines. It looks at what was
 * bundled, so that nobody has to keep a list.
 */
export function shippedPackages(options: ShippedOptions): AstroIntegration {
  const names = new Set(options.also);
  return {
    name: 'shipped-packages',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => {
        updateConfig({
          vite: {
            plugins: [
              {
                name: 'shipped-packages',
                generateBundle(_options, bundle) {
                  for (const chunk of Object.values(bundle)) {
                    if (chunk.type !== 'chunk') continue;
                    for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
                      const client = this.environment.name === 'client' && renderedLength > 0;
                      const name = client || isStyle(id) ? packageOf(id) : undefined;
                      if (name) names.add(name);
                    }
                  }
                },
              },
            ],
          },
        });
      },
      'astro:build:done': async ({ dir }) => {
        await writeShipped(fileURLToPath(dir), [...names], options);
      },
    },
  };
}

/** Styles are bundled with the pages that use them, not with the scripts of browsers. */
function isStyle(id: string): boolean {
  return /\.css(?:$|\?)|[?&]lang\.css/.test(id);
}

/** The package that a module belongs to; undefined if it is the project's own. */
export function packageOf(id: string): string | undefined {
  return /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/
    .exec(id)?.[1]
    ?.replace('\\', '/');
}

/**
 * Writes both files into a site.
 *
 * @param names packages that reach readers, in any order
 * @throws where a package has no licence, or is not in the lockfile
 */
export async function writeShipped(
  site: string,
  names: readonly string[],
  { root, own }: Omit<ShippedOptions, 'also'>,
): Promise<void> {
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
  const shipped = await Promise.all(
    [...new Set(names)].sort(compare).map((name) => readPackage(root, name, packages)),
  );
  await writeFile(path.join(site, licencesFile), licences(shipped, own));
  await writeFile(path.join(site, billFile), bill(shipped));
}

async function readPackage(
  root: string,
  name: string,
  locked: Record<string, { integrity?: string }>,
): Promise<Shipped> {
  const folder = path.join(root, 'node_modules', name);
  const manifest: Manifest = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const text = await licenceText(folder);
  const integrity = locked[`node_modules/${name}`]?.integrity;
  if (!manifest.license || text === undefined || !integrity?.startsWith('sha512-')) {
    throw new Error(
      `${name} reaches readers, but its licence or its place in the lockfile is missing: ` +
        'look at its package, and at src/supply-chain/shipped.ts',
    );
  }
  const hash = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  return { manifest, text, hash };
}

/** What a package's licence files say; some keep several in a folder. */
async function licenceText(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const found = names.find((name) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(name));
  if (found === undefined) return undefined;
  const place = path.join(folder, found);
  const files = (await stat(place)).isDirectory()
    ? (await filesBelow(place)).map((file) => path.join(place, file))
    : [place];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.map((text) => text.trim()).join('\n\n');
}

function licences(shipped: readonly Shipped[], own: string): string {
  const line = '-'.repeat(80);
  const parts = shipped.map(
    ({ manifest, text }) =>
      `${line}\n${manifest.name} ${manifest.version}, ${manifest.license}\n${line}\n\n${text}\n`,
  );
  return [`${own.trim()}\n`, ...parts].join('\n');
}

function bill(shipped: readonly Shipped[]): string {
  const bom = new Models.Bom();
  for (const { manifest, hash } of shipped) {
    const { name, version, license } = manifest;
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const component = new Models.Component(Enums.ComponentType.Library, name, {
      version,
      purl,
      bomRef: purl,
      hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], hash]]),
      licenses: new Models.LicenseRepository([
        SPDX.isSupportedSpdxId(license)
          ? new Models.SpdxLicense(license)
          : new Models.LicenseExpression(license),
      ]),
    });
    bom.components.add(component);
  }
  // Without a serial number and a time, which the format allows: the same site has the same bill.
  const format = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const text = new Serialize.JsonSerializer(format).serialize(bom, { sortLists: true, space: 2 });
  return `${text}\n`;
}
