import { Icon } from '../shell/icons.tsx'
import { useWords, useWorld } from '../use.ts'
import type { Home } from '../wire.ts'
import { Blocks } from './blocks/blocks.tsx'
import { SurfaceContext, useNewSurface } from './blocks/surface.ts'

/** The app's Home of this person. */
export function HomeTab() {
  const words = useWords()
  const { home } = useWorld()
  return (
    <div class="home" role="tabpanel" aria-label={words.home} id="app-panel">
      {home ? (
        <HomeView home={home} />
      ) : (
        <div class="empty">
          <span class="empty-picture">
            <Icon name="home" />
          </span>
          <h3>{words.homeEmpty}</h3>
          <p>{words.homeEmptyHint}</p>
        </div>
      )}
    </div>
  )
}

function HomeView({ home }: { home: Home }) {
  const surface = useNewSurface({
    where: { home: true },
    blocks: home.view.blocks,
    typed: home.typed,
    chosen: home.chosen,
  })
  return (
    <SurfaceContext.Provider value={surface}>
      <Blocks blocks={home.view.blocks} />
    </SurfaceContext.Provider>
  )
}
