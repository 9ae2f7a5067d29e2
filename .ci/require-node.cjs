// Runs before every build. In the language of old versions of Node.js, or they could not say what is wrong.
const least = 20
if (Number(process.versions.node.split('.')[0]) < least) {
  console.error(`sidik needs Node.js ${least} or newer, this is ${process.version}: install a newer one`)
  process.exit(1)
}
