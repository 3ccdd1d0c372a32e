import path from 'node:path';
import type { Problem } from '../catalog/report.ts';

/** Names that Windows keeps for devices, with any ending. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: Windows refuses these too
const letters = /[\u0000-\u001f<>:"|?*\\]/;
/** Longest path below the site's folder, in UTF-16 units: Windows allows 260 with the folder. */
const longest = 180;

/**
 * Finds files that some disk cannot store: Windows refuses some names, and Windows and macOS take names
 * that differ only in case, or in how a letter is put together, for one.
 *
 * @param files files of the site, with forward slashes
 */
export function checkNames(files: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const folded = new Map<string, string>();
  for (const file of files) {
    const report = (what: string, mend: string) => problems.push({ file, what, mend });
    for (const name of file.split('/')) {
      const [refused] = letters.exec(name) ?? [];
      if (refused !== undefined) {
        report(
          `the name '${name}' holds ${JSON.stringify(refused)}, which Windows refuses`,
          'rename it',
        );
      }
      if (devices.test(name)) {
        report(`the name '${name}' is that of a device on Windows`, 'rename it');
      }
      if (/[. ]$/.test(name)) {
        report(`the name '${name}' ends with a dot or a space, which Windows drops`, 'rename it');
      }
    }
    if (file.length > longest) {
      report(`the path has ${file.length} letters, more than ${longest}`, 'shorten it for Windows');
    }
    const fold = file.normalize('NFC').toLowerCase();
    const other = folded.get(fold);
    if (other === undefined) folded.set(fold, file);
    else if (other !== file) {
      report(
        `the name differs from '${other}' only in case or in how Unicode writes it`,
        'rename one of them',
      );
    }
  }
  return problems;
}

/** Whether an address inside the site climbs out of its folder; from disk there is something else. */
export function leavesSite(from: string, address: string): boolean {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(address)) return false;
  const [way = ''] = address.split(/[?#]/);
  const climbs = path.posix.normalize(
    way.startsWith('/') ? `.${way}` : path.posix.join(path.posix.dirname(from), way),
  );
  return climbs === '..' || climbs.startsWith('../');
}
