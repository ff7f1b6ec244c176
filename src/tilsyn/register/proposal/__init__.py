"""A mapping proposed for extracts of any form: which table, which columns, which values mean what."""

from tilsyn.register.proposal.proposing import Proposal, propose
from tilsyn.register.proposal.writing import written

__all__ = ["Proposal", "propose", "written"]
