// The Pulumi CLI loads a policy pack with `require`. The repository holds TypeScript, which Node reads as it is; the
// package holds what it was compiled to.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

module.exports = () => import(existsSync(join(__dirname, "pack.ts")) ? "./pack.ts" : "./pack.js");
