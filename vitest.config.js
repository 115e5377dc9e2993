import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["tests/javascript/**/*.test.js"], environment: "node" },
});
