"""The files of a workspace: uploads, renders, thumbnails and waveforms."""
