"""Every route, and who may use it; what is not in this table nobody may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drawreview.web.security.roles import Role, Scope


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route.

    Attributes:
        roles: The roles that may; everybody if `Role.ANYONE` is among them.
        own_district: Whether `{project}` in the path must lie in the asker's own district.
        scope: What a token must be good for.
    """

    roles: frozenset[Role]
    own_district: bool = False
    scope: Scope | None = None

    def admits(self, role: Role) -> bool:
        """Whether a role may use the route at all."""
        return Role.ANYONE in self.roles or role in self.roles


_PUBLIC: Final = Access(frozenset({Role.ANYONE}))
_SIGNED_IN: Final = Access(frozenset({Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR}))
_CLERK: Final = Access(frozenset({Role.CLERK}))
_TOKENS: Final = Access(frozenset({Role.CLERK, Role.AUDITOR}))
_OWN_PROJECT: Final = Access(frozenset({Role.CLERK}), own_district=True)
_AUDITOR: Final = Access(frozenset({Role.AUDITOR}))
_COUNTS: Final = Access(frozenset({Role.CLERK, Role.AUDITOR}))  # a clerk those of the own district
_ADMINISTRATOR: Final = Access(frozenset({Role.ADMINISTRATOR}))

POLICY: Final[Mapping[tuple[str, str], Access]] = {
    # public
    ("GET", "/"): _PUBLIC,
    ("GET", "/static/{name}"): _PUBLIC,
    ("GET", "/language/{language}"): _PUBLIC,
    ("GET", "/accessibility"): _PUBLIC,
    ("GET", "/login"): _PUBLIC,
    ("POST", "/login"): _PUBLIC,
    ("GET", "/assess"): _PUBLIC,
    ("POST", "/assess"): _PUBLIC,
    ("POST", "/assess/open"): _PUBLIC,
    ("POST", "/assess/verdict"): _PUBLIC,
    ("GET", "/law"): _PUBLIC,
    ("GET", "/law/questions"): _PUBLIC,
    ("GET", "/law/{document}"): _PUBLIC,
    ("GET", "/api/v1/openapi.json"): _PUBLIC,
    ("POST", "/api/v1/decisions"): _PUBLIC,
    ("POST", "/api/v1/decisions/batch"): _PUBLIC,
    ("POST", "/api/v1/questions/next"): _PUBLIC,
    ("POST", "/api/v1/letters"): _PUBLIC,
    ("POST", "/api/v1/deadlines"): _PUBLIC,
    ("POST", "/api/v1/gates"): _PUBLIC,
    # programs with a token
    ("POST", "/api/v1/journal"): Access(frozenset({Role.CLERK}), scope=Scope.RECORD),
    ("GET", "/api/v1/journal"): Access(frozenset({Role.AUDITOR}), scope=Scope.READ),
    ("GET", "/api/v1/journal/{record}"): Access(frozenset({Role.AUDITOR}), scope=Scope.READ),
    ("POST", "/api/v1/replay"): Access(frozenset({Role.AUDITOR}), scope=Scope.REPLAY),
    # whoever is signed in
    ("POST", "/logout"): _SIGNED_IN,
    ("GET", "/login/code"): _SIGNED_IN,
    ("POST", "/login/code"): _SIGNED_IN,
    ("GET", "/account"): _SIGNED_IN,
    ("GET", "/account/second-factor"): _SIGNED_IN,
    ("POST", "/account/second-factor"): _SIGNED_IN,
    ("GET", "/account/password"): _SIGNED_IN,
    ("POST", "/account/password"): _SIGNED_IN,
    # who can do anything with a token
    ("GET", "/account/tokens"): _TOKENS,
    ("POST", "/account/tokens"): _TOKENS,
    ("POST", "/account/tokens/{token}/revoked"): _TOKENS,
    # clerk
    ("GET", "/window"): _CLERK,
    ("GET", "/window/new"): _CLERK,
    ("POST", "/window/new"): _CLERK,
    ("GET", "/window/projects/{project}"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/file"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/form/{at}"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/form/{at}"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/judgements"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/decide"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/decide"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/record/{record}"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/letter"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/notice"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/site"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/site"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/site/{file}"): _OWN_PROJECT,
    ("GET", "/window/projects/{project}/change"): _OWN_PROJECT,
    ("POST", "/window/projects/{project}/change"): _OWN_PROJECT,
    # statistics
    ("GET", "/statistics"): _COUNTS,
    ("GET", "/statistics/{file}"): _COUNTS,
    # auditor
    ("GET", "/audit"): _AUDITOR,
    ("GET", "/audit/records/{record}"): _AUDITOR,
    ("GET", "/audit/records/{record}/{file}"): _AUDITOR,
    ("POST", "/audit/replay"): _AUDITOR,
    ("POST", "/audit/verify"): _AUDITOR,
    ("GET", "/audit/jobs/{job}"): _AUDITOR,
    ("GET", "/audit/bundle"): _AUDITOR,
    # administrator
    ("GET", "/admin"): _ADMINISTRATOR,
    ("POST", "/admin/users"): _ADMINISTRATOR,
    ("GET", "/admin/users/{user}"): _ADMINISTRATOR,
    ("POST", "/admin/users/{user}"): _ADMINISTRATOR,
    ("POST", "/admin/users/{user}/password"): _ADMINISTRATOR,
    ("POST", "/admin/users/{user}/second-factor"): _ADMINISTRATOR,
    ("POST", "/admin/users/{user}/disabled"): _ADMINISTRATOR,
    ("POST", "/admin/second-factor"): _ADMINISTRATOR,
    ("GET", "/admin/sessions"): _ADMINISTRATOR,
    ("POST", "/admin/sessions"): _ADMINISTRATOR,
    ("GET", "/admin/tokens"): _ADMINISTRATOR,
    ("POST", "/admin/tokens/{token}/revoked"): _ADMINISTRATOR,
    ("GET", "/admin/log"): _ADMINISTRATOR,
}


def scopes_of(role: Role) -> tuple[Scope, ...]:
    """Return what a token of somebody in this role can be good for."""
    good = {access.scope for access in POLICY.values() if access.admits(role)}
    return tuple(scope for scope in Scope if scope in good)
