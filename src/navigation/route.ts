/**
 * Starlight's route middleware: gives each page the navigation of its own section only, and a lean
 * head. A sidebar of the whole site would make the output grow with the square of the pages.
 */
import { defineRouteMiddleware } from '@astrojs/starlight/route-data';
import { sections } from '../components/catalog.ts';
import { type Link, neighbours, sectionOf } from './navigation.ts';

export const onRequest = defineRouteMiddleware((context) => {
  const route = context.locals.starlightRoute;
  const section = sectionOf(sections, route.id);
  const { previous, next } = neighbours(section, route.id);
  // Of no use: who made the page, a card with a large image, which there is none of, and the sitemap,
  // which robots.txt names.
  route.head = route.head.filter(
    ({ attrs }) =>
      attrs?.name !== 'generator' && attrs?.name !== 'twitter:card' && attrs?.rel !== 'sitemap',
  );
  route.sidebar = [];
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
