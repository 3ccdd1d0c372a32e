const links = {
  and: [
    { href_matches: '/*.html' },
    { not: { selector_matches: '[href^="#"],[aria-current=page]' } },
  ],
};

/**
 * Speculation rules: a browser that knows them fetches and renders a page of the site as soon as the
 * pointer rests on a link to it, or goes down on it. They name no page, and so hold under any path.
 */
export const nextView = {
  prefetch: [{ where: links, eagerness: 'moderate' }],
  // Some fetch ahead but do not render, or not at all times.
  prerender: [{ where: links, eagerness: 'moderate' }],
};
