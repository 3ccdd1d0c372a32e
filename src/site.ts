/**
 * What the site says of itself. The two addresses are placeholders until it is published: set
 * SITE_URL and REPOSITORY_URL in the environment of the build.
 */
export const site = {
  title: 'Rust at CNCF',
  description:
    'The Rust in cloud native projects: what each project and library is for, how it thinks, what goes wrong, and where every fact comes from.',
  /** Where the built site will be served; canonical links and the sitemap need it. */
  url: process.env.SITE_URL ?? 'https://rust-at-cncf.example',
  /** Where the source of the site is kept; edit and report links lead there. */
  repository: process.env.REPOSITORY_URL ?? 'https://github.example/rust-at-cncf/rust-at-cncf',
} as const;

/** Address at which a file of this project can be edited. */
export function editAddress(file: string): string {
  return `${site.repository}/edit/main/${file}`;
}

/** Address of a new issue about a page, with the page and the commit that it was built from. */
export function reportAddress(page: string, commit: string): string {
  const query = new URLSearchParams({
    title: `Mistake on ${page}`,
    body: `Page: ${page}\nBuilt from: ${commit}\n\nWhat is wrong, and where can one read what is right?\n`,
  });
  return `${site.repository}/issues/new?${query}`;
}
