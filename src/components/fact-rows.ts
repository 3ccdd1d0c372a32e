/** What a row of a facts card is called, by the end of its id, and other words by which readers look for it. */
export const factRows = {
  crate: { label: 'Crate', names: [] },
  'newest-release': {
    label: 'Newest release',
    names: ['version', 'latest version', 'current version', 'last release'],
  },
  licence: { label: 'Licence', names: ['license'] },
  rust: {
    label: 'Rust (MSRV)',
    names: ['MSRV', 'minimum supported Rust version', 'compiler version'],
  },
  needs: { label: 'To build', names: ['build requirements', 'prerequisites', 'compiler needed'] },
  steward: { label: 'Steward', names: ['maintainer', 'owner', 'who owns it'] },
  upkeep: { label: 'Upkeep', names: ['maintenance', 'actively maintained'] },
  'used-by': { label: 'Used by', names: ['users', 'adopters', 'dependents'] },
  advisories: { label: 'Advisories', names: ['vulnerabilities', 'security advisory', 'CVE'] },
  audits: { label: 'Audits', names: ['security audit', 'security review'] },
  maturity: { label: 'Maturity', names: ['CNCF level'] },
  category: { label: 'Category', names: [] },
  repositories: {
    label: 'Repositories',
    names: ['source code', 'lines of code', 'share of Rust'],
  },
  'as-of': { label: 'As of', names: [] },
} as const;
