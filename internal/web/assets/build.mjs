// Makes assets/dist from style/, script/ and the pictures. Run by `make assets`, after `npm ci --ignore-scripts`.
// Beside the outputs it keeps inputs.sha256, by which a test without npm sees that somebody forgot to run it.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')
const out = join(here, 'dist')

// logical turns left and right into start and end, so that one style serves both directions of writing.
function logical (css) {
  return css
    .replace(/(?<=[{;]\s*)(margin|padding)-(left|right)(?=\s*:)/g, (_, what, side) => `${what}-inline-${end(side)}`)
    .replace(/(?<=[{;]\s*)border-(left|right)(-(?:width|style|color))?(?=\s*:)/g, (_, side, what) => `border-inline-${end(side)}${what ?? ''}`)
    .replace(/(?<=[{;]\s*)(left|right)(?=\s*:)/g, (_, side) => `inset-inline-${end(side)}`)
    .replace(/(?<=[{;]\s*)(text-align|float|clear)(\s*:\s*)(left|right)/g, (_, what, colon, side) =>
      what === 'text-align' ? `${what}${colon}${end(side)}` : `${what}${colon}inline-${end(side)}`)
}
const end = side => side === 'left' ? 'start' : 'end'

function style () {
  const { css } = sass.compile(join(here, 'style/waymark.scss'), {
    loadPaths: [join(root, 'node_modules')],
    quietDeps: true
  })
  const { code } = esbuild.transformSync(logical(css), { loader: 'css', minify: true, target: ['chrome111', 'firefox115', 'safari16'] })
  return code
}

function script () {
  const { outputFiles } = esbuild.buildSync({
    entryPoints: [join(here, 'script/waymark.js')],
    bundle: true, minify: true, write: false, format: 'iife', target: ['es2020'], legalComments: 'none'
  })
  return outputFiles[0].text
}

function files (folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)])
}

function sha256 (path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

rmSync(out, { recursive: true, force: true })
mkdirSync(out)
const banner = '/* Built from internal/web/assets by build.mjs. Holds parts of govuk-frontend, MIT licence, Crown copyright: see licences/. */\n'
writeFileSync(join(out, 'waymark.css'), banner + style())
writeFileSync(join(out, 'waymark.js'), banner + script())
cpSync(join(here, 'picture'), out, { recursive: true })

const inputs = [join(root, 'package-lock.json'), join(here, 'build.mjs'), ...['style', 'script', 'picture'].flatMap(f => files(join(here, f)))]
const outputs = files(out)
const lines = [...inputs, ...outputs].map(path => `${sha256(path)}  ${relative(root, path)}`).sort((a, b) => a.slice(66) < b.slice(66) ? -1 : 1)
writeFileSync(join(here, 'inputs.sha256'), lines.join('\n') + '\n')
