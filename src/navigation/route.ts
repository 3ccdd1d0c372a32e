/**
 * Starlight's route middleware: gives each page neighbours in its own section only, and a lean head.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { sections } from '../components/catalog.ts';
import { type Link, neighbours, sectionOf } from './navigation.ts';

/** Names, properties and relations of what Starlight puts into the head and nobody reads. */
const useless = new Set(['generator', 'twitter:card', 'og:locale', 'sitemap']);

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  const section = sectionOf(sections, route.id);
  const { previous, next } = neighbours(section, route.id);
  // Who made the page; a card with a large image, which there is none of; a locale without the country
  // that its readers expect; the sitemap, which robots.txt names.
  route.head = route.head.filter(
    ({ attrs = {} }) => !useless.has(String(attrs.name ?? attrs.property ?? attrs.rel)),
  );
  route.hasSidebar = route.hasSidebar && section !== undefined;
  route.pagination = { prev: asEntry(previous), next: asEntry(next) };
});

function asEntry(link: Link | undefined) {
  return (
    link && {
      type: 'link' as const,
      label: link.label,
      href: link.href,
      isCurrent: false,
      badge: undefined,
      attrs: {},
    }
  );
}
