/** Made by src/build/site-data.ts. */
declare module 'virtual:site-data' {
  export const data: import('./catalog/index.ts').CatalogData;
  export const examples: import('./build/load.ts').SiteContent['examples'];
  export const revision: import('./build/revision.ts').Revision;
}
