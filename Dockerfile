# Built once, run small: the compiler and the page's bundler stay in the first stage.
FROM node:22-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3 make g++ && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json ./
# Without scripts: our own prepare needs the sources, which are not here yet. The one package with a build is built by
# name, from its prebuilt binary or with the compiler above; the drawing library comes as an optional package a platform.
RUN npm ci --no-audit --no-fund --ignore-scripts && npm rebuild better-sqlite3
COPY . .
# The benches and what makes the pictures need packages that are not in the second stage.
RUN npm run build && rm -r dist/test && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production DATABASE_URL=file:/data/dealdesk.db
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/package.json /app/manifest.yml /app/LICENSE ./
# The folder is the server's own: a mount that takes its place must be writable for this user (uid 1000).
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Without credentials it refuses to start and says what is missing: production has no playground.
CMD ["node", "dist/src/main.js"]
