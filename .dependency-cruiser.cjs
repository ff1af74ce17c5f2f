/** The walls of docs/ARCHITECTURE.md: which room may import which, and who may use which package. */
const only = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: {
    pathNot: [
      from,
      ...allowed,
      '^node:',
      '^(assert|buffer|child_process|crypto|events|fs|http|https|net|os|path|perf_hooks|stream|string_decoder|timers|tls|url|util|v8|worker_threads|zlib|readline|process)(/|$)',
    ],
  },
})
const packageOnlyIn = (name, packages, rooms) => ({
  name,
  severity: 'error',
  from: { path: '^(shared|coordinator|agent|cli)/', pathNot: rooms },
  to: { path: packages.map((each) => `node_modules/${each}/`) },
})

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain', '^shared/domain/', ['node_modules/(zod|yaml|@marcbachmann/cel-js)/']),
    only('stats', '^shared/stats/', ['^shared/domain/', 'node_modules/(jstat|pure-rand)/']),
    only('rpc', '^shared/rpc/', [
      '^shared/(domain|process)/',
      'node_modules/(@grpc|grpc-health-check|protobufjs|long)',
    ]),
    only('process', '^shared/process/', [
      '^shared/(domain|stats)/',
      'node_modules/(pino|prom-client)/',
    ]),
    only('decision', '^coordinator/decision/', ['^shared/(domain|stats)/']),
    only('brain', '^coordinator/(plan|model|analysis)/', [
      '^coordinator/(plan|model|analysis|decision)/',
      '^shared/(domain|stats)/',
      // A planner may have a thread of its own.
      '^shared/process/thread/',
      // Turns columns into bytes; the report's Parquet files.
      'node_modules/hyparquet-writer/',
      // Takes the CSV files of other tools apart.
      'node_modules/csv-parse/',
    ]),
    only('dispatch', '^coordinator/dispatch/', [
      '^coordinator/(plan|model|analysis)/',
      '^shared/(domain|stats)/',
      '^shared/process/(clock|log)',
    ]),
    only('store', '^coordinator/store/', [
      '^coordinator/dispatch/',
      '^coordinator/plan/',
      '^shared/(domain|process)/',
      'node_modules/better-sqlite3/',
      'node_modules/@types/better-sqlite3/',
    ]),
    only('dashboard', '^coordinator/dashboard/', [
      '^shared/domain/',
      '^coordinator/analysis/report/(units|decision-words|data-words|colour-scale)',
      '^coordinator/service/http/api',
      'node_modules/(preact|uplot)/',
    ]),
    only('engine', '^agent/engine/', [
      '^shared/(domain|process|stats)/',
      'node_modules/(node-llama-cpp|yaml|zod)/',
      '^agent/host/',
    ]),
    only('host', '^agent/host/', [
      '^shared/(domain|process|stats)/',
      'node_modules/(koffi|@koromix)/',
    ]),
    only('run', '^agent/run/', [
      '^agent/(engine|host)/',
      '^shared/(domain|stats)/',
      '^shared/process/(clock|log|quiet-lock)',
      'node_modules/@streamparser/json/',
    ]),
    only('session', '^agent/session/', [
      '^agent/(run|engine|host)/',
      '^shared/(rpc|domain|process|stats)/',
      'node_modules/prom-client/',
    ]),
    packageOnlyIn('grpc-only-in-rpc', ['@grpc', 'grpc-health-check'], ['^shared/rpc/']),
    packageOnlyIn('sqlite-only-in-store', ['better-sqlite3'], ['^coordinator/store/']),
    packageOnlyIn(
      'koffi-only-where-c-is-called',
      ['koffi'],
      ['^agent/host/nvml/', '^coordinator/calm-allocator'],
    ),
    packageOnlyIn('browser-only-in-dashboard', ['preact', 'uplot'], ['^coordinator/dashboard/']),
    packageOnlyIn('commander-only-in-cli', ['commander'], ['^cli/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist', '/gen/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
