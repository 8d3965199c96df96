"""A nightly deployment: Prefect schedules, this process runs. Deployed by module path, never by file path."""

import signal
from pathlib import Path
from types import FrameType


def serve_nightly(folder: Path, cron: str, zone: str = "UTC") -> None:
    """Serve the night of a program on a cron schedule until interrupted. Raises OSError when no server answers."""
    from pipelines.orchestrator import server, settle

    settle(folder)
    signal.signal(signal.SIGTERM, _stop)
    with server():
        from prefect import serve
        from prefect.deployments.runner import RunnerDeployment
        from prefect.schedules import Cron
        from prefect.types.entrypoint import EntrypointType

        from pipelines.nightly_flow import nightly

        deployment = nightly.to_deployment(
            name="nightly",
            parameters={"folder": str(folder.resolve())},
            schedule=Cron(cron, timezone=zone),
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        assert isinstance(deployment, RunnerDeployment)
        serve(deployment, print_starting_message=False)


def _stop(number: int, frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C, so that the server that was started here ends too."""
    raise KeyboardInterrupt
