/** The newest events of all timelines as an Atom feed. */
import type { APIRoute } from 'astro';
import { addressOf } from '../catalog/schema/source.ts';
import { catalog } from '../components/catalog.ts';
import { formatMoment } from '../components/format.ts';
import { escapeHtml } from '../markdown/highlight.ts';
import { site } from '../site.ts';

const length = 50;

export const GET: APIRoute = () => {
  const events = catalog.events().slice(0, length);
  const read = events.map((event) => event.read).sort();
  return new Response(
    [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
      `<id>${idOf('feed')}</id>`,
      element('title', `${site.title}: what happened`),
      element('subtitle', 'The newest events of the timelines, each with its source.'),
      `<updated>${instant(read.at(-1) ?? '1970')}</updated>`,
      `<author>${element('name', site.title)}<uri>${site.url}/index.html</uri></author>`,
      element('rights', 'CC BY 4.0'),
      `<link rel="self" type="application/atom+xml" href="${site.url}/feed.xml"/>`,
      `<link rel="alternate" type="text/html" href="${site.url}/index.html"/>`,
      ...events.map(entry),
      '</feed>\n',
    ].join('\n'),
    { headers: { 'content-type': 'application/atom+xml' } },
  );
};

/** One event. It happened when it was published; it was updated when its source was last read. */
function entry({
  date,
  what,
  source,
  read,
  page,
  name,
}: ReturnType<typeof catalog.events>[number]) {
  const plain = what.replaceAll('`', '');
  return [
    '<entry>',
    `<id>${idOf(`${page}/${date}/${source}`)}</id>`,
    element('title', `${name}: ${plain}`),
    `<published>${instant(date)}</published>`,
    `<updated>${instant(read)}</updated>`,
    element('summary', `${formatMoment(date)}: ${plain}.`),
    `<link rel="alternate" type="text/html" href="${site.url}/${page}.html#history"/>`,
    `<link rel="via" href="${escapeHtml(addressOf(catalog.source(source)))}"/>`,
    '</entry>',
  ].join('\n');
}

function element(name: string, text: string): string {
  return `<${name}>${escapeHtml(text)}</${name}>`;
}

/** An id that stays when texts are corrected, as RFC 4151 has it. */
function idOf(what: string): string {
  return `tag:${new URL(site.url).hostname},2026:${what}`;
}

/** The first second of a year, month or day. */
function instant(moment: string): string {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
