/** The arrows of the house (docs/architecture.md): main, web → modules → engines → kernel; web/ui is a leaf. */
const TEST = '\\.test\\.tsx?$|/testing\\.ts$|/fixtures/|/tests/';

module.exports = {
  forbidden: [
    {
      name: 'kernel-knows-nothing-above',
      severity: 'error',
      from: { path: '^kernel/', pathNot: TEST },
      to: { path: '^(engines|modules|web|main|bench|tests)/' },
    },
    {
      name: 'engines-know-only-the-kernel',
      severity: 'error',
      from: { path: '^engines/', pathNot: TEST },
      to: { path: '^(modules|web|main|bench|tests)/' },
    },
    {
      name: 'modules-do-not-know-main-or-web',
      severity: 'error',
      from: { path: '^modules/', pathNot: TEST },
      to: { path: '^(main|bench|tests|web/(?!ui/))' },
    },
    {
      name: 'only-screens-import-the-ui-kit',
      severity: 'error',
      from: { path: '^(kernel|engines|modules)/', pathNot: '/screens/' },
      to: { path: '^web/' },
    },
    {
      name: 'web-ui-is-a-leaf',
      severity: 'error',
      from: { path: '^web/ui/' },
      to: { path: '^(main|modules|engines|bench|web/(?!ui/))' },
    },
    {
      name: 'a-module-is-entered-by-its-front-door',
      comment:
        'another module only through its index.ts; its screens through screens/door.ts, where it has one',
      severity: 'error',
      from: { path: '^modules/([^/]+)/', pathNot: TEST },
      to: {
        path: '^modules/([^/]+)/',
        pathNot: ['^modules/$1/', '^modules/[^/]+/index\\.ts$', '^modules/[^/]+/screens/door\\.ts$'],
      },
    },
    {
      name: 'only-screens-enter-by-the-door-of-screens',
      severity: 'error',
      from: { path: '^(kernel|engines|modules|main)/', pathNot: ['/screens/', TEST] },
      to: { path: '^modules/[^/]+/screens/door\\.ts$' },
    },
    {
      name: 'an-engine-is-entered-by-its-front-door',
      severity: 'error',
      from: { path: '^(modules|main)/', pathNot: TEST },
      to: { path: '^engines/', pathNot: '^engines/[^/]+/(index|browser)\\.ts$' },
    },
    {
      name: 'screens-enter-an-engine-by-its-browser-door',
      comment: 'what a screen needs of an engine is engines/<e>/browser.ts, which is pure',
      severity: 'error',
      from: { path: '^(web|modules/[^/]+/screens)/', pathNot: TEST },
      to: { path: '^engines/', pathNot: '^engines/[^/]+/browser\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-browser-door-leads-to-nothing-of-node',
      severity: 'error',
      from: { path: '^engines/[^/]+/browser\\.ts$' },
      to: {
        reachable: true,
        path: '^(node:)?(assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|perf_hooks|process|stream|timers|tls|url|util|worker_threads|zlib)(/|$)',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { pathNot: TEST, dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'the-program-needs-no-development-package',
      severity: 'error',
      from: { path: '^(kernel|engines|modules|main)/', pathNot: [TEST, '/convert/', '/generate\\.ts$'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: '@medplum/fhirtypes|@types/' },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@medplum/fhirtypes$' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // Tests may use what they like, and the parser does not know `using` yet.
    exclude: { path: '^(dist|data)/|(^|/)node_modules/|\\.test\\.tsx?$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
    },
  },
};
