// Runs before every command, on whatever Node is there. CommonJS and old syntax on purpose: it must
// be understood by the very versions that it refuses.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `This project needs Node >= 22.12, and this is ${process.versions.node}. The project brings its ` +
      'own: run `npm ci` without --ignore-scripts, or install Node 24.',
  );
  process.exit(1);
}
