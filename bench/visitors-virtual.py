"""asyncio has no virtual time: the visitors yield instead of sleeping."""
import asyncio
import sys


async def visitor(stall):
    async with stall:
        await asyncio.sleep(0)


async def main():
    stall = asyncio.Semaphore(3)
    await asyncio.gather(*(visitor(stall) for _ in range(int(sys.argv[1]))))


asyncio.run(main())
