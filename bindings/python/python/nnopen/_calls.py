"""The calls of both clients. Their types, method by method, are in `_calls.pyi`."""

from __future__ import annotations

ISSUE = "nuonuo.OpeMplatform.requestBillingNew"


def _signed_in(done):
    from ._authorization import SignedIn
    from ._json import loads, moment

    token = loads(done)
    expires_at = token["expiresAt"]
    return SignedIn(token["taxNum"], token["userId"], None if expires_at is None else moment(expires_at))


def _loads(done):
    from ._json import loads

    return loads(done)


def _convert(method, done):
    from ._results import convert

    return convert(method, done)


def _settled(method, done):
    from ._results import convert_settled

    return convert_settled(method, done)


class Calls:
    """What can be asked for."""

    def call(self, method, params, /):
        """One call of a method. Params are a dict; a write whose answer is lost ends as `UncertainError`."""
        return _convert(method, self._run(self._session.start("call", method, params)))

    def poll(self, method, params, /):
        """Asks again until there is a final answer."""
        return _convert(method, self._run(self._session.start("poll", method, params)))

    def settle(self, method, params, /, *, again=False):
        """A write followed to its end: if its answer is lost, it is asked for before it is sent again.

        With `again`, it is asked for first: it may have been sent before, by a process that was killed.
        """
        mode = "settle_again" if again else "settle"
        return _settled(method, self._run(self._session.start(mode, method, params)))

    def issue(self, params, /, *, again=False):
        """Issues an invoice and follows it to its end: `settle` of `nuonuo.OpeMplatform.requestBillingNew`."""
        return self.settle(ISSUE, params, again=again)

    def follow(
        self, method, /, *, by=None, rate=None, slowest=None, give_up=None, params=None, endless=False
    ):
        """Follows many orders at once by a query that takes a list of them: iterate over the events.

        `by` is `orderNos` (the default) or `serialNos`, `rate` the requests a second (5), `slowest` the seconds between
        two questions about an order at most (7200), `give_up` the age in seconds at which it is given up (a week), `params`
        more params of each query. The loop ends when nothing is followed any more, or never, if `endless`.
        """
        from .batch import Batch

        return Batch(
            self, method, by=by, rate=rate, slowest=slowest, give_up=give_up, params=params, endless=endless
        )

    def call_raw(self, method, body, /):
        """One call with a body of your own, signed and sent as it is, its result as it came."""
        return _loads(self._run(self._session.start_raw(method, body)))

    def sign_in(self, grant="client_credentials", *, code="", tax_num="", redirect_uri=""):
        """Gets a token. Calls do it by themselves where they can."""
        call = self._session.sign_in(grant, code=code, tax_num=tax_num, redirect_uri=redirect_uri)
        return _signed_in(self._run(call))


class AsyncCalls:
    """What can be asked for."""

    async def call(self, method, params, /):
        """One call of a method. Params are a dict; a write whose answer is lost ends as `UncertainError`."""
        return _convert(method, await self._run(self._session.start("call", method, params)))

    async def poll(self, method, params, /):
        """Asks again until there is a final answer."""
        return _convert(method, await self._run(self._session.start("poll", method, params)))

    async def settle(self, method, params, /, *, again=False):
        """A write followed to its end: if its answer is lost, it is asked for before it is sent again.

        With `again`, it is asked for first: it may have been sent before, by a process that was killed.
        """
        mode = "settle_again" if again else "settle"
        return _settled(method, await self._run(self._session.start(mode, method, params)))

    async def issue(self, params, /, *, again=False):
        """Issues an invoice and follows it to its end: `settle` of `nuonuo.OpeMplatform.requestBillingNew`."""
        return await self.settle(ISSUE, params, again=again)

    def follow(
        self, method, /, *, by=None, rate=None, slowest=None, give_up=None, params=None, endless=False
    ):
        """Follows many orders at once by a query that takes a list of them: iterate over the events.

        `by` is `orderNos` (the default) or `serialNos`, `rate` the requests a second (5), `slowest` the seconds between
        two questions about an order at most (7200), `give_up` the age in seconds at which it is given up (a week), `params`
        more params of each query. The loop ends when nothing is followed any more, or never, if `endless`.
        """
        from .batch import AsyncBatch

        return AsyncBatch(
            self, method, by=by, rate=rate, slowest=slowest, give_up=give_up, params=params, endless=endless
        )

    async def call_raw(self, method, body, /):
        """One call with a body of your own, signed and sent as it is, its result as it came."""
        return _loads(await self._run(self._session.start_raw(method, body)))

    async def sign_in(self, grant="client_credentials", *, code="", tax_num="", redirect_uri=""):
        """Gets a token. Calls do it by themselves where they can."""
        call = self._session.sign_in(grant, code=code, tax_num=tax_num, redirect_uri=redirect_uri)
        return _signed_in(await self._run(call))
