"""What an applicant says about a project, and the facts that it amounts to."""
