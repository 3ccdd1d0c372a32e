/** What stands above the licences of others. */
export const licences = `Rust at CNCF

Code: Apache-2.0, https://www.apache.org/licenses/LICENSE-2.0
Text, diagrams and tables: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/

The flame graph among the examples was drawn by inferno, and holds its script: CDDL-1.0,
https://github.com/jonhoo/inferno

The site also carries code of the packages below.
`;
