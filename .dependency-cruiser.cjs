// Who may import whom (ARCHITECTURE.md). Run by scripts/lib/boundaries.mjs, which also makes it see TSX;
// test/architecture.test.ts plants one violation of each rule and must see it reported.
const TESTS_AND_TYPES = '(\\.test\\.tsx?|\\.d\\.ts)$';
const from = (path, pathNot = []) => ({ path, pathNot: [TESTS_AND_TYPES, ...pathNot] });
const rule = (name, comment, source, to) => ({ name, comment, severity: 'error', from: source, to });

/** The sources of ours, as opposed to packages. */
const OURS = '^(src-|test/|scripts/)';

module.exports = {
  forbidden: [
    rule('shared-is-the-ground', 'src-shared is words: it imports nothing of ours.', from('^src-shared/'), {
      path: OURS,
      pathNot: '^src-shared/',
    }),
    rule('shared-has-no-node', 'src-shared runs everywhere: no Node.', from('^src-shared/'), {
      dependencyTypes: ['core'],
    }),
    rule('shared-has-no-screen', 'src-shared has no Electron and no React.', from('^src-shared/'), {
      path: '(^|node_modules/)(electron|electron-store|react|react-dom)(/|$)',
    }),
    rule(
      'programs-meet-at-the-door',
      'Engine, shell, screens, command line and demo never import each other; they share src-shared, and on Node src-engine/platform.',
      from('^src-(engine|main|cli|demo)/'),
      { path: OURS, pathNot: '^src-(shared|$1)/|^src-engine/platform/' },
    ),
    rule('screens-know-the-words', 'src-renderer imports src-shared and itself.', from('^src-renderer/'), {
      path: OURS,
      pathNot: '^src-(shared|renderer)/',
    }),
    rule('screens-have-no-node', 'The renderer is sandboxed: no Node modules.', from('^src-renderer/'), {
      dependencyTypes: ['core'],
    }),
    rule(
      'screens-have-no-electron',
      'The renderer reaches the shell over its bridge alone.',
      from('^src-renderer/'),
      {
        path: '(^|node_modules/)electron(-store)?(/|$)',
      },
    ),
    rule('engine-is-headless', 'src-engine is a plain Node program.', from('^src-(engine|cli|demo)/'), {
      path: '(^|node_modules/)electron(-store)?(/|$)',
    }),
    rule(
      'rooms-meet-in-the-wiring',
      'A room imports itself, platform/ and src-shared.',
      from('^src-engine/([^/]+)/'),
      {
        path: '^src-engine/',
        pathNot: '^src-engine/($1|platform)/',
      },
    ),
    rule(
      'only-the-wiring-knows-rooms',
      'At the top of src-engine only main.ts, engine.ts, one-shot.ts and wire-ROOM.ts import rooms.',
      from('^src-engine/[^/]+$', ['^src-engine/(main|engine|one-shot|wire-[^/]+)\\.ts$']),
      { path: '^src-engine/[^/]+/', pathNot: '^src-engine/platform/' },
    ),
    rule('tests-stay-outside', 'What ships imports no test.', from('^src-'), {
      path: '^test/|\\.test\\.tsx?$',
    }),
    rule('no-cycles', 'Data walks through the house once.', from('^src-'), { circular: true }),
    rule(
      'everything-is-found',
      'An import that leads nowhere.',
      { path: '^src-' },
      { couldNotResolve: true },
    ),
    rule('nothing-undeclared', 'What ships comes from package.json.', from('^src-'), {
      dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
    }),
    rule(
      'nothing-for-development',
      'What ships needs no devDependency; Electron itself is the exception.',
      from('^src-'),
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|node_modules/)(electron|@types)/',
      },
    ),
  ],
  options: {
    // TypeScript 7 has no API for dependency-cruiser; without a parser it reports nothing and exits 0.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|release)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
