/** `npm run links`: asks for every address outside that pages of `dist` link to, and writes down what came. */
import { writeFile } from 'node:fs/promises';
import { checkLinks } from '../links/check-links.ts';
import { outsideLinks, snapshotOf } from '../links/links.ts';
import { site } from '../site.ts';

const file = 'content/snapshots/links.json';
const links = await outsideLinks('dist', [site.url, site.repository]);
console.log(`Asking for ${links.size} addresses. A host is asked once a second.`);
const states = await checkLinks(links.keys());
const snapshot = snapshotOf(states, new Date().toISOString().slice(0, 10));
const { alive, moved, dead, notChecked } = snapshot;

for (const [address, status] of Object.entries(dead)) {
  console.log(`dead (${status}): ${address}, on ${links.get(address)?.join(', ')}`);
}
for (const [address, to] of Object.entries(moved)) console.log(`moved: ${address} to ${to}`);
for (const [address, why] of Object.entries(notChecked)) {
  console.log(`not checked (${why}): ${address}`);
}
const count = (list: object) => Object.keys(list).length;
console.log(
  `${count(alive)} alive, ${count(moved)} moved, ${count(dead)} dead, ${count(notChecked)} not checked.`,
);
if (count(notChecked) === links.size) {
  console.error(`No address was reached: ${file} stays as it is.`);
  process.exitCode = 1;
} else {
  await writeFile(file, `${JSON.stringify(snapshot, null, 2)}\n`);
  console.log(`Written to ${file}.`);
}
