/**
 * node test/bench/gpu-sweep/pack.mjs OUT LLAMA_CPP [ROOT]: everything that run.sh needs on a machine with a
 * GPU, CUDA, CMake and Ninja, but without Node or a network. LLAMA_CPP is a source tree of llama.cpp, or a
 * folder with a llama-server built for that machine; ROOT is another built checkout.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packNode } from '../packed/pack.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const checkout = join(here, '..', '..', '..')
const [out, llama, from = checkout] = process.argv.slice(2)
if (out === undefined || llama === undefined) {
  console.error('usage: node test/bench/gpu-sweep/pack.mjs OUT LLAMA_CPP [ROOT]')
  process.exit(2)
}
const root = resolve(from)
mkdirSync(out, { recursive: true })
const archive = (name, folder, words) =>
  execFileSync('tar', ['-cJf', join(resolve(out), name), '-C', folder, ...words], {
    stdio: 'inherit',
    env: { ...process.env, XZ_OPT: '-2' },
  })

// What no program of the run loads: llama.cpp inside Node, compilers, other systems' binaries.
const unused = ['node-llama-cpp', '@node-llama-cpp', 'typescript', '@types', 'cmake-js']
const production = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
  cwd: checkout,
  encoding: 'utf8',
})
  .split('\n')
  .slice(1)
  .map((path) => relative(checkout, path))
  .filter((path) => path.startsWith('node_modules/') && existsSync(join(root, path)))
  .filter((path) => !unused.some((name) => path.startsWith(`node_modules/${name}`)))
const left = ['better-sqlite3/deps', 'better-sqlite3/src', 'better-sqlite3/build/Release/obj']
archive('fmwork.tar.xz', root, [
  ...['--exclude=*.map', '--exclude=*musl*', '--exclude=*.d.ts'],
  ...left.map((path) => `--exclude=node_modules/${path}`),
  ...['package.json', 'dist', ...new Set(production)],
])

// What llama-server with CUDA is not built from: other programs, and other devices.
const devices = 'cann et hexagon metal opencl openvino rpc sycl virtgpu vulkan webgpu zdnn zendnn'
const without = [
  ...['AGENTS.md', 'app', 'benches', 'ci', 'conversion', 'docs', 'examples', 'gguf-py', 'media'],
  ...['models', 'pocs', 'skills', 'tests', 'tools/ui/src', 'tools/ui/tests'],
  ...devices.split(' ').map((device) => `ggml/src/ggml-${device}`),
]
if (existsSync(join(llama, 'CMakeLists.txt'))) {
  archive('llama.tar.xz', llama, [...without.map((path) => `--exclude=./${path}`), '.'])
} else {
  archive('llama-bin.tar.xz', llama, ['llama-server'])
}

const { buildVocabulary, chatTemplate } = await import(
  join(root, 'dist/agent/engine/embedded/model/spm-vocabulary.js')
)
writeFileSync(
  join(out, 'vocabulary.json'),
  JSON.stringify({ ...buildVocabulary(24_576), template: chatTemplate }),
)
for (const name of ['model.py', 'sweep.yaml', 'lay-over.mjs'])
  copyFileSync(join(here, name), join(out, name))
mkdirSync(join(out, 'streams'), { recursive: true })
for (const name of [
  'independent-client.mjs',
  'streams/run.mjs',
  'streams/known-server.mjs',
  'streams/compare-clients.mjs',
])
  copyFileSync(join(here, '..', name), join(out, name))
packNode(out, join(here, 'run.sh'))
for (const name of ['fmwork.tar.xz', 'llama.tar.xz', 'llama-bin.tar.xz', 'node.xz']) {
  const path = join(out, name)
  if (existsSync(path)) console.log(`${name}: ${(statSync(path).size / 1024 ** 2).toFixed(1)} MiB`)
}
