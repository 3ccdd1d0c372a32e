/** Made by src/build/site-data.ts. */
declare module 'virtual:site-data' {
  export const data: import('./catalog/index.ts').CatalogData;
  export const examples: import('./build/load.ts').SiteContent['examples'];
  export const revision: import('./build/revision.ts').Revision;
}

/** Pagefind's own script, as the built index has it; src/search/bundle.ts says where it lies. */
declare module 'pagefind-runtime' {
  export function createInstance(options: object): unknown;
}

/** A style sheet as text; src/search/bundle.ts makes it one. */
declare module '*/dialog.css' {
  const style: string;
  export default style;
}
