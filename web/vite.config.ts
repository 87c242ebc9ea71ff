import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// The binary serves the pages itself, so they are compressed once, here, and not on every request.
function gzipAhead(): Plugin {
  const worth = /\.(js|css|html|svg|json)$/
  const walk = (dir: string): string[] =>
    readdirSync(dir).flatMap((name) => {
      const path = join(dir, name)
      return statSync(path).isDirectory() ? walk(path) : [path]
    })
  return {
    name: 'gzip-ahead',
    apply: 'build',
    closeBundle() {
      for (const path of walk('dist')) {
        // index.html carries a nonce that differs on every request, so it is never served from a compressed copy.
        if (!worth.test(path) || path.endsWith('index.html')) continue
        const raw = readFileSync(path)
        if (raw.length < 1024) continue
        writeFileSync(`${path}.gz`, gzipSync(raw, { level: 9 }))
      }
    },
  }
}

const node = process.env.RIHLA_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), gzipAhead()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': node, '/openapi.json': node } },
  preview: { proxy: { '/api': node, '/openapi.json': node } },
  test: { include: ['src/**/*.test.ts'] },
})
