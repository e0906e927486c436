"""Where the audit of segment tables stood; it is `segment_audit` now."""

from workbench.analyses.segment_audit import Audit, audit_segments

__all__ = ["Audit", "audit_segments"]
