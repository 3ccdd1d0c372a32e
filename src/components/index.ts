/** What pages are made of. Prose imports from here, and from nowhere else. */
export { default as ApiMap } from './ApiMap.astro';
export { default as BuildsOn } from './BuildsOn.astro';
export { default as Cite } from './Cite.astro';
export { default as ConceptList } from './ConceptList.astro';
export { default as Diagram } from './Diagram.astro';
export { default as Example } from './Example.astro';
export { default as Fact } from './Fact.astro';
export { default as FactsCard } from './FactsCard.astro';
export { default as GivenBack } from './GivenBack.astro';
export { default as History } from './History.astro';
export { default as Home } from './Home.astro';
export { default as InProduction } from './InProduction.astro';
export { default as LibraryTable } from './LibraryTable.astro';
export { default as ProjectTable } from './ProjectTable.astro';
export { default as Related } from './Related.astro';
export { default as Sources } from './Sources.astro';
