/** `npm run audit`: known vulnerabilities in the lockfile; fails from severity high on. */
import { audit } from '../supply-chain/audit.ts';

const result = await audit(process.cwd());
if ('notChecked' in result) {
  console.log(`Vulnerabilities: NOT CHECKED, the registry does not answer (${result.notChecked}).`);
} else {
  for (const { name, severity, advisories } of result.findings) {
    console.log(`${severity}  ${name}\n${advisories.map((line) => `  ${line}`).join('\n')}`);
  }
  console.log(
    `Vulnerabilities: ${result.findings.length} packages in the lockfile have known ones.`,
  );
  if (result.findings.some(({ severity }) => /high|critical/.test(severity))) process.exitCode = 1;
}
